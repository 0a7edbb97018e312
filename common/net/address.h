/*
 * address.h - network addresses that are never asked.
 *
 * Link-local addresses reach what trusts this machine alone, above all the
 * services that hand out a cloud machine's credentials. Any thread.
 */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include <stddef.h>
#include <sys/socket.h>

/* Room for an address as text. */
enum { ADDRESS_TEXT = 64 };

/*
 * True for 169.254.0.0/16, fe80::/10, 100.100.100.200 and fd00:ec2::254, also
 * where an IPv4 one is written as IPv6 (::ffff:0:0/96, 64:ff9b::/96). text
 * then has it for messages.
 */
bool address_forbidden(const struct sockaddr *a, char text[ADDRESS_TEXT]);
/* The same of a URL's host; of names those of metadata services, unasked. */
bool host_forbidden(const char *host, char text[ADDRESS_TEXT]);

#endif

/*
 * repack - msgpack-c's own way through a stream: unpack each value into
 * objects, pack them again. The peer of rec-view -f rec in tests/bench/records.
 * Standard input to standard output; the number of values on standard error.
 */
#include "base/base.h"
#include "base/io.h"

#include <msgpack.h>
#include <stdio.h>
#include <unistd.h>

enum { BLOCK = 1 << 18 };

static void fail(const char *what)
{
	fprintf(stderr, "repack: %s\n", what);
	exit(1);
}

static void flush(msgpack_sbuffer *out)
{
	struct err err;

	if (write_all(STDOUT_FILENO, out->data, out->size, &err))
		fail(err.msg);
	out->size = 0;
}

int main(void)
{
	msgpack_unpacker in;
	msgpack_unpacked value;
	msgpack_sbuffer out;
	msgpack_packer packer;
	struct err err;
	unsigned long n = 0;
	long got;

	if (!msgpack_unpacker_init(&in, 2 * BLOCK))
		fail("out of memory");
	msgpack_unpacked_init(&value);
	msgpack_sbuffer_init(&out);
	msgpack_packer_init(&packer, &out, msgpack_sbuffer_write);
	for (;;) {
		if (!msgpack_unpacker_reserve_buffer(&in, BLOCK))
			fail("out of memory");
		got = read_some(STDIN_FILENO, msgpack_unpacker_buffer(&in),
			BLOCK, &err);
		if (got <= 0)
			break;
		msgpack_unpacker_buffer_consumed(&in, (size_t)got);
		while (msgpack_unpacker_next(&in, &value) ==
			MSGPACK_UNPACK_SUCCESS) {
			n++;
			msgpack_pack_object(&packer, value.data);
			if (out.size > BLOCK)
				flush(&out);
		}
	}
	if (got < 0)
		fail(err.msg);
	flush(&out);
	fprintf(stderr, "%lu values\n", n);
	msgpack_unpacked_destroy(&value);
	msgpack_unpacker_destroy(&in);
	msgpack_sbuffer_destroy(&out);
	return 0;
}

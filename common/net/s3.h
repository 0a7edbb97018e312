/*
 * s3.h - objects in buckets, as requests over HTTP.
 *
 * s3://BUCKET/KEY becomes a signed request (AWS Signature Version 4, which
 * libcurl makes) by the environment and files that AWS's own tools and GDAL
 * have: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, else the
 * profile AWS_PROFILE (default) of ~/.aws/credentials
 * (AWS_SHARED_CREDENTIALS_FILE); AWS_REGION, AWS_DEFAULT_REGION, else
 * us-east-1; AWS_S3_ENDPOINT (a host, host:port or URL), AWS_HTTPS=NO,
 * AWS_VIRTUAL_HOSTING=FALSE; AWS_NO_SIGN_REQUEST=YES: none is signed;
 * AWS_REQUEST_PAYER=requester: the user pays. gs://BUCKET/KEY is asked at
 * storage.googleapis.com without a signature.
 */
#ifndef NET_S3_H
#define NET_S3_H

/* "s3://" or "gs://". */
bool s3_is(const char *url);

struct s3;
/* Reads the environment when the first of its URLs comes. */
struct s3 *s3_new(void);
void s3_free(struct s3 *s);

/* Where an s3:// or gs:// URL is asked for: its http or https URL, appended to
 * out. */
int s3_place(struct s3 *s, const char *url, struct buf *out,
	struct err *err) MUST_USE;
/* Whether `place` (to which a redirect of url may have led) may have its
 * signature. */
bool s3_owns(struct s3 *s, const char *url, const char *place);
/* The headers of a GET of a place, each with a NUL behind it, appended. */
int s3_sign(struct s3 *s, const char *place, struct buf *lines,
	struct err *err) MUST_USE;
/* What may be wrong, and what to do, after an answer of that status; region:
 * the bucket's, as the answer says it, or "". Appends nothing when there is
 * nothing to say. */
void s3_hint(struct s3 *s, const char *url, int status, const char *region,
	struct buf *out);

#endif

/*
 * s3.h - objects in buckets, as requests over HTTP.
 *
 * s3://BUCKET/KEY becomes a signed request (AWS Signature Version 4) by the
 * environment and files that AWS's own tools and GDAL have: AWS_ACCESS_KEY_ID,
 * AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, else the profile AWS_PROFILE
 * (default) of ~/.aws/credentials (AWS_SHARED_CREDENTIALS_FILE); AWS_REGION,
 * AWS_DEFAULT_REGION, else us-east-1, and what a bucket says of its own
 * region; AWS_S3_ENDPOINT (a host, host:port or URL), AWS_HTTPS=NO,
 * AWS_VIRTUAL_HOSTING=FALSE (so are buckets with a dot asked for, and all at
 * an endpoint that is an address); AWS_NO_SIGN_REQUEST=YES: none is signed;
 * AWS_REQUEST_PAYER=requester: the user pays. gs://BUCKET/KEY is asked at
 * storage.googleapis.com without a signature. Keys stand as they are, without
 * escapes: s3://b/a b, not s3://b/a%20b. One thread.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/
 * sig-v4-header-based-auth.html
 */
#ifndef NET_S3_H
#define NET_S3_H

/* "s3://" or "gs://". */
bool s3_is(const char *url);

struct s3;
/* Reads the environment when the first of its URLs comes. */
struct s3 *s3_new(void);
void s3_free(struct s3 *s);

/*
 * Where an s3:// or gs:// URL is asked for: its http or https URL, appended to
 * out.
 */
int s3_place(struct s3 *s, const char *url, struct buf *out,
	struct err *err) MUST_USE;
/*
 * The headers of a GET of a place, each with a NUL behind it, appended to
 * lines: none where no signature is wanted, or where url's own place is
 * another host, to which a redirect has led.
 */
void s3_sign(struct s3 *s, const char *url, const char *place,
	struct buf *lines);

/*
 * Keeps in mind the region that a bucket's answer names ("": it does not):
 * true when the object should be asked for again, once.
 */
bool s3_learn(struct s3 *s, const char *url, int status, const char *region);
/*
 * What an answer of that status means, and what to do, appended to out; said:
 * its body.
 */
void s3_explain(struct s3 *s, const char *url, int status, struct str said,
	struct buf *out);

#endif

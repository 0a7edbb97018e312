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

#endif

/* Objects that become blocks, of XML and by hand, are read as they were. */
#include "base/base.h"
#include "osm/priv.h"
#include "osm-read.h"
#include "tap.h"

/* XML as the reader lists it. */
static void reads(const char *what, const char *xml, const char *want)
{
	struct buf out = BUF_INIT;
	int rc = read_all(xml, strlen(xml), EVERY, &out);

	if (!ok(!rc && !strcmp(buf_str(&out), want), "%s", what))
		printf("# %d %s\n# %s\n", rc, rc ? err.msg : "", buf_str(&out));
	buf_release(&out);
}

static void test_objects(void)
{
	reads("empty keys, values and roles, strings that come again",
		"<osm><way id='1'><nd ref='5'/><nd ref='-6'/><nd ref='5'/>"
		"<tag k='' v='x'/><tag k='a' v=''/><tag k='x' v='x'/></way>"
		"<relation id='2'><member type='way' ref='1' role=''/>"
		"<member type='node' ref='-6' role='x'/>"
		"<member type='relation' ref='2'/><tag k='x' v='a'/></relation>"
		"</osm>",
		"w1 v0 t0 5 -6 5 =x a= x=x\n"
		"r2 v0 t0 w1@ n-6@x r2@ x=a\n");
	reads("empty strings of nodes",
		"<osm><node id='1' lat='1' lon='2'><tag k='' v=''/></node>"
		"<node id='2' lat='1' lon='2'><tag k='a' v=''/></node></osm>",
		"@1 2.0000000 1.0000000\n@2 2.0000000 1.0000000\n"
		"n1 v0 t0 2.0000000 1.0000000 =\n"
		"n2 v0 t0 2.0000000 1.0000000 a=\n");
	reads("objects without tags",
		"<osm><node id='1' lat='1' lon='2'/><way id='2'/>"
		"<relation id='3'/></osm>",
		"@1 2.0000000 1.0000000\nw2 v0 t0\nr3 v0 t0\n");
	reads("nodes without a place, off the globe and at its ends",
		"<osm><node id='1'/><node id='2' lat='91' lon='0'/>"
		"<node id='3' lat='-90' lon='180'/>"
		"<node id='4' lat='90' lon='-180'/>"
		"<node id='5' lat='0' lon='180.0000001'/></osm>",
		"@1 nowhere\n@2 nowhere\n@3 180.0000000 -90.0000000\n"
		"@4 -180.0000000 90.0000000\n@5 nowhere\n");
	reads("positions are rounded to seven digits",
		"<osm><node id='1' lat='0.12345674' lon='-0.12345676'/></osm>",
		"@1 -0.1234568 0.1234567\n");
	reads("versions and times, large, old and none",
		"<osm><node id='1' lat='0' lon='0' version='7' "
		"timestamp='1969-12-31T23:59:59Z'><tag k='a' v='b'/></node>"
		"<node id='2' lat='0' lon='0' version='2147483647'>"
		"<tag k='a' v='b'/></node>"
		"<node id='3' lat='0' lon='0' version='2147483648' "
		"timestamp='9999-12-31T23:59:59Z'><tag k='a' v='b'/></node>"
		"<way id='4' version='3' timestamp='0001-01-01T00:00:00Z'/>"
		"<way id='5' version='2147483647'/></osm>",
		"@1 0.0000000 0.0000000\n@2 0.0000000 0.0000000\n"
		"@3 0.0000000 0.0000000\n"
		"n1 v7 t-1 0.0000000 0.0000000 a=b\n"
		"n2 v2147483647 t0 0.0000000 0.0000000 a=b\n"
		"n3 v0 t253402300799 0.0000000 0.0000000 a=b\n"
		"w4 v3 t-62135596800\nw5 v2147483647 t0\n");
	reads("of a key that stands twice the first tag",
		"<osm><way id='1'><tag k='a' v='1'/><tag k='b' v='2'/>"
		"<tag k='a' v='3'/></way></osm>",
		"w1 v0 t0 a=1 b=2\n");
	reads("kinds in any order",
		"<osm><way id='2'/><node id='1' lat='0' lon='0'/>"
		"<relation id='3'/><way id='2'/></osm>",
		"w2 v0 t0\n@1 0.0000000 0.0000000\nr3 v0 t0\nw2 v0 t0\n");
	reads("no objects", "<osm/>", "");
}

/* Ids far apart, whose difference is still a number. */
static void test_ids(void)
{
	struct buf out = BUF_INIT;
	static const char xml[] =
		"<osm><way id='1'><nd ref='9223372036854775807'/></way></osm>";

	reads("ids of 62 bits, far apart",
		"<osm><node id='-4611686018427387903' lat='0' lon='0'/>"
		"<node id='4611686018427387903' lat='0' lon='0'/>"
		"<way id='-4611686018427387903'>"
		"<nd ref='4611686018427387903'/>"
		"<nd ref='-4611686018427387903'/></way></osm>",
		"@-4611686018427387903 0.0000000 0.0000000\n"
		"@4611686018427387903 0.0000000 0.0000000\n"
		"w-4611686018427387903 v0 t0 4611686018427387903 "
		"-4611686018427387903\n");
	ok(read_all(xml, strlen(xml), EVERY, &out) == -1 &&
			strstr(err.msg, "line 1: "),
		"ids past that: %s", err.msg);
	buf_release(&out);
}

/* More than one block has, by objects and by bytes. */
static void test_many(void)
{
	enum { MANY = 20001, LONG = 1 << 20, TIMES = 30 };
	struct buf xml = BUF_INIT, want = BUF_INIT, out = BUF_INIT;
	char *text = xmalloc(LONG / 2 + 1);

	buf_adds(&xml, "<osm>");
	for (int i = 0; i < MANY; i++) {
		buf_addf(&xml, "<way id='%d'><tag k='k%d' v='v'/></way>", i,
			i % 3);
		buf_addf(&want, "w%d v0 t0 k%d=v\n", i, i % 3);
	}
	memset(text, 'x', LONG / 2);
	text[LONG / 2] = '\0';
	for (int i = 0; i < TIMES; i++) {
		buf_addf(&xml, "<way id='%d'><tag k='a' v='%d%s'/></way>", i, i,
			text);
		buf_addf(&want, "w%d v0 t0 a=%d%s\n", i, i, text);
	}
	buf_adds(&xml, "</osm>");
	ok(!read_all(xml.data, xml.len, EVERY, &out) &&
			!strcmp(buf_str(&out), buf_str(&want)),
		"%d objects, then %d of half a megabyte", MANY, TIMES);
	free(text);
	buf_release(&xml);
	buf_release(&want);
	buf_release(&out);
}

static struct osm_object way(int64_t id, int64_t *refs, size_t n)
{
	return (struct osm_object){.kind = OSM_WAY,
		.id = id,
		.pos = OSM_NOWHERE,
		.refs = refs,
		.nrefs = n};
}

/* How many nodes the ways of each block have. */
static int count_refs(void *ctx, struct osm_batch *b,
	const struct osm_object *o, struct err *e)
{
	(void)ctx, (void)e;
	buf_addf(b->data, "w%" PRId64 " %zu\n", o->id, o->nrefs);
	return 0;
}

/* Ways whose nodes fill a block by far, between small ones. */
static void test_large(void)
{
	enum { LARGE = 3000000, TOO_LARGE = 4000000 };
	int64_t *refs = xcalloc(TOO_LARGE, sizeof(*refs));
	struct osm_object ways[] = {way(1, refs, 2), way(2, refs, LARGE),
		way(3, refs, 3), way(4, refs, TOO_LARGE), way(5, refs, 1)};
	struct encoder *e = encoder_new(path_fd);
	struct buf out = BUF_INIT;
	struct osm_pass p = list_pass(EVERY, 2, &out);
	struct osm_file *f;
	struct err why;

	for (size_t i = 0; i < TOO_LARGE; i++)
		refs[i] = (INT64_C(1) << 61) * (i % 2 ? 1 : -1);
	save("", 0);
	ok(!encoder_begin(e, &err) && !encoder_add(e, &ways[0], &err) &&
			!encoder_add(e, &ways[1], &err) &&
			!encoder_add(e, &ways[2], &err),
		"a way of 3,000,000 nodes far apart");
	ok(encoder_add(e, &ways[3], &why) == -1 &&
			strstr(why.msg, "object 4 is too large"),
		"4,000,000 are too many: %s", why.msg);
	ok(!encoder_add(e, &ways[4], &err) && !encoder_end(e, &err),
		"others may follow");
	encoder_free(e);
	f = osm_file_open(path, &(struct osm_reading){.threads = 2}, &err);
	p.object = count_refs;
	ok(f && !osm_file_pass(f, &p, true, &err) &&
			!strcmp(buf_str(&out),
				"w1 2\nw2 3000000\nw3 3\nw5 1\n"),
		"what was added is read: %s", f ? "" : err.msg);
	osm_file_close(f);
	buf_release(&out);
	free(refs);
}

int main(void)
{
	path_fd = mkstemp(path);
	if (path_fd < 0)
		return 1;
	test_objects();
	test_ids();
	test_many();
	test_large();
	close(path_fd);
	unlink(path);
	return tap_done();
}

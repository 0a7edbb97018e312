#include "base/base.h"
#include "pack/chip.h"

int chip_check_key(struct str key, struct err *err)
{
	if (!key.len || key.len > CHIP_MAX_KEY)
		return err_set(err, "a key has 1 to %d bytes, not %zu",
			CHIP_MAX_KEY, key.len);
	for (size_t i = 0; i < key.len; i++) {
		unsigned char c = (unsigned char)key.s[i];

		if (c <= ' ' || c > '~')
			return err_set(err, "byte 0x%02x in a key", c);
		if (strchr("./\\", c))
			return err_set(err, "'%c' in the key '%.*s'", c,
				(int)key.len, key.s);
	}
	return 0;
}

/* The extension that readers tell a chip's format by, or NULL. */
static const char *chip_extension(struct str format)
{
	static const char *const names[][2] = {
		{"jpeg", "jpg"},
		{"png", "png"},
		{"webp", "webp"},
		{"tiff", "tif"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_is(format, names[i][0]))
			return names[i][1];
	return NULL;
}

int chip_read(const struct rec *r, struct chip *out, const char **reason,
	struct err *err)
{
	struct str format = {NULL, 0};
	int rc = rec_get_str(r, "key", &out->key, err);

	*reason = "bad key";
	if (!rc)
		return err_set(err, "the record has none");
	if (rc < 0 || chip_check_key(out->key, err))
		return -1;
	*reason = "no chip";
	rc = rec_get_bin(r, "chip", &out->bytes, err);
	if (!rc)
		return err_set(err, "run tile-fetch first");
	if (rc > 0)
		rc = rec_get_str(r, "chip_fmt", &format, err);
	if (!rc)
		return err_set(err, "the record has no 'chip_fmt'");
	if (rc < 0)
		return -1;
	if (!out->bytes.len)
		return err_set(err, "it has 0 bytes");
	out->extension = chip_extension(format);
	if (!out->extension)
		return err_set(err, "unknown format '%.*s'",
			(int)MIN(format.len, 40), format.s);
	return 0;
}

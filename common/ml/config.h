/*
 * config.h - what a CLIP folder's JSON files say about the model.
 *
 * The layout and the defaults for what is not said are those of transformers'
 * CLIPConfig, CLIPTextConfig, CLIPVisionConfig and CLIPImageProcessor. Sizes
 * are checked to be in reasonable limits and to fit each other.
 */
#ifndef ML_CONFIG_H
#define ML_CONFIG_H

#include <stdint.h>

enum activation { ACT_GELU, ACT_QUICK_GELU };

/* One of the two transformers. */
struct tower_config {
	uint32_t width, inner, layers, heads;
	uint32_t tokens; /* at most, a class token included */
	enum activation act;
	float eps; /* of its layer norms */
};

struct clip_config {
	struct tower_config vision, text;
	uint32_t dim; /* of the embeddings */
	uint32_t image_size, patch;
	uint32_t vocab, end_id;
	float mean[3], std[3]; /* of pixels in [0,1] */
};

/* end_id of old files: the end token is the one with the highest id. */
enum { END_IS_HIGHEST = 2 };

/* config.json's text. */
int clip_config_parse(struct str text, struct clip_config *out,
	struct err *err) MUST_USE;
/*
 * preprocessor_config.json's text: mean and std, which are CLIP's until then;
 * it must not ask for other steps than CLIP's.
 */
int clip_config_preprocessor(struct str text, struct clip_config *out,
	struct err *err) MUST_USE;

#endif

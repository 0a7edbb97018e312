/*
 * bpe.h - CLIP's tokenizer: byte-level byte-pair encoding.
 *
 * Sennrich et al. 2016 over the bytes of words, as in Radford et al. 2021 and
 * open_clip's SimpleTokenizer: the cleaned text (clean.h) is split into words
 * by Unicode's letters, numbers and the rest; each word's bytes are merged in
 * the order of merges.txt, its last symbol marked "</w>". The literal texts
 * "<start_of_text>" and "<end_of_text>" mean the two special tokens.
 * A struct bpe is read-only once it is there: any thread may use it.
 */
#ifndef TEXT_BPE_H
#define TEXT_BPE_H

#include <stddef.h>
#include <stdint.h>

struct bpe;

/*
 * vocab: the text of vocab.json, symbol → id, ids below vocab_size, no two
 * alike; it must hold all bytes with and without "</w>", "<|startoftext|>",
 * "<|endoftext|>".
 * merges: the text of merges.txt, "A B" a line, both and AB in the vocabulary;
 * a first line that starts with "#version" is skipped. Of the vocabulary's
 * other symbols each must be made by a merge, but those written "<|…|>".
 */
struct bpe *bpe_parse(struct str vocab, struct str merges, uint32_t vocab_size,
	struct err *err) MUST_USE;
/* The same from the two files in a folder. */
struct bpe *bpe_open(const char *dir, uint32_t vocab_size,
	struct err *err) MUST_USE;
void bpe_free(struct bpe *b);

/* The id of "<|endoftext|>". */
uint32_t bpe_end_id(const struct bpe *b);

/*
 * Start token, the text's tokens, end token → ids, at most `max` ≥ 2 of them:
 * what is too long is cut and ends with the end token all the same. *n: how
 * many. -1 when the text is not UTF-8.
 */
int bpe_encode(const struct bpe *b, struct str text, uint32_t *ids, size_t max,
	size_t *n, struct err *err) MUST_USE;

#endif

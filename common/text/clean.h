/*
 * clean.h - a text as CLIP's tokenizer wants it: on one line, lower case.
 *
 * What open_clip's SimpleTokenizer does with its default cleaning: ftfy's
 * repairs until nothing changes (HTML's character references, up to the line
 * with the first '<'; C1 controls, ligatures, character widths, curly quotes,
 * control characters, NFC), then the references twice more, white space to
 * single blanks, lower case as Python's str.lower().
 * Not done: ftfy's guesses at wrongly decoded text and its removal of terminal
 * escapes; of HTML's 2,231 names those of ISO 8859-1 and the usual punctuation
 * are known, and not in ftfy's capitals. Only the first 16,384 code points
 * count, and 64 rounds of repairs. No state: safe from any thread.
 */
#ifndef TEXT_CLEAN_H
#define TEXT_CLEAN_H

/* Appends the cleaned text, UTF-8; -1 when the text is not UTF-8. */
int text_clean(struct str text, struct buf *out, struct err *err) MUST_USE;

#endif

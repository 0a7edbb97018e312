#include "base/base.h"
#include "fetch/priv.h"

#include "base/hash.h"

/* Images that nobody needs at the moment stay known, for the next record. */
enum { MAX_IDLE = 256 };

static bool is_scene(const struct table_node *node, const void *key)
{
	const struct scene *s = OWNER_OF(node, const struct scene, node);
	const struct val *v = key;

	return s->nbytes == v->len && !memcmp(s->bytes, v->p, v->len);
}

static void unlink_scene(struct fetcher *f, struct scene *s)
{
	*(s->older ? &s->older->newer : &f->oldest) = s->newer;
	*(s->newer ? &s->newer->older : &f->newest) = s->older;
	s->older = s->newer = NULL;
	f->nidle--;
}

struct scene *scenes_get(struct fetcher *f, struct val img)
{
	uint64_t hash = hash_xxh3(img.p, img.len);
	struct table_node *node;
	struct scene *s;

	pthread_mutex_lock(&f->lock);
	node = table_find(&f->scenes, hash, is_scene, &img);
	if (node) {
		s = OWNER_OF(node, struct scene, node);
		if (!s->users++)
			unlink_scene(f, s);
	} else {
		s = scene_new(img, f->nscenes++, f->plan, f->web);
		s->users = 1;
		table_add(&f->scenes, &s->node, hash);
	}
	pthread_mutex_unlock(&f->lock);
	return s;
}

void scenes_put(struct fetcher *f, struct scene *s)
{
	if (--s->users)
		return;
	s->older = f->newest;
	*(f->newest ? &f->newest->newer : &f->oldest) = s;
	f->newest = s;
	f->nidle++;
	if (f->nidle > MAX_IDLE) {
		s = f->oldest;
		unlink_scene(f, s);
		table_remove(&f->scenes, &s->node);
		scene_free(s);
	}
}

void scenes_release(struct fetcher *f)
{
	struct table_node *node;

	while ((node = table_pop(&f->scenes)))
		scene_free(OWNER_OF(node, struct scene, node));
	table_release(&f->scenes);
}

# Programs that make input and models of the project's own.

noinst_PROGRAMS += examples/model-random/make-model
examples_model_random_make_model_SOURCES = \
	examples/model-random/config.c \
	examples/model-random/make-model.c \
	examples/model-random/make-model.h \
	examples/model-random/weights.c
examples_model_random_make_model_LDADD = $(LIBS_CORE) -lm

noinst_PROGRAMS += examples/town/make-town
examples_town_make_town_SOURCES = \
	examples/town/block.c \
	examples/town/canvas.c \
	examples/town/canvas.h \
	examples/town/make-town.c \
	examples/town/map.c \
	examples/town/paint.c \
	examples/town/paint.h \
	examples/town/roof.c \
	examples/town/town.c \
	examples/town/town.h
examples_town_make_town_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/examples
examples_town_make_town_LDADD = $(LIBS_RASTER) $(LIBS_CORE)

dist_noinst_SCRIPTS += examples/demo

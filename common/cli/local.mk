# common/cli
LIB_CLI = common/cli/libcli.a
noinst_LIBRARIES += $(LIB_CLI)
common_cli_libcli_a_SOURCES = \
	common/cli/cli.c \
	common/cli/cli.h \
	common/cli/help.c \
	common/cli/outputs.c \
	common/cli/parse.c \
	common/cli/priv.h

# Completion: one file for each shell, for all tools. bash-completion looks for
# a file of the tool's name, zsh for a function that names the tools it is for.
COMPLETION = common/cli/completion
COMPLETION_FILES = $(COMPLETION)/skyfilters $(COMPLETION)/_skyfilters
bashcompletiondir = $(datadir)/bash-completion/completions
nodist_bashcompletion_DATA = $(COMPLETION)/skyfilters
zshfunctiondir = $(datadir)/zsh/site-functions
nodist_zshfunction_DATA = $(COMPLETION)/_skyfilters
EXTRA_DIST += $(COMPLETION)/skyfilters.bash.in $(COMPLETION)/skyfilters.zsh.in
CLEANFILES += $(COMPLETION_FILES)

$(COMPLETION)/skyfilters: $(srcdir)/$(COMPLETION)/skyfilters.bash.in Makefile
	$(AM_V_at)$(MKDIR_P) $(COMPLETION)
	$(AM_V_GEN)sed "s|@TOOLS@|`$(tool_names)`|" \
		$(srcdir)/$(COMPLETION)/skyfilters.bash.in >$@

$(COMPLETION)/_skyfilters: $(srcdir)/$(COMPLETION)/skyfilters.zsh.in Makefile
	$(AM_V_at)$(MKDIR_P) $(COMPLETION)
	$(AM_V_GEN)sed "s|@TOOLS@|`$(tool_names)`|" \
		$(srcdir)/$(COMPLETION)/skyfilters.zsh.in >$@

tool_names = echo $(bin_PROGRAMS) | sed 's|tools/||g'

install-data-hook:
	cd "$(DESTDIR)$(bashcompletiondir)" && for tool in `$(tool_names)`; do \
		rm -f $$tool && $(LN_S) skyfilters $$tool || exit 1; done

uninstall-hook:
	for tool in `$(tool_names)`; do \
		rm -f "$(DESTDIR)$(bashcompletiondir)/$$tool"; done

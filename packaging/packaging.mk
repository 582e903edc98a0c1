# What users install: the library, completions, packages. The Makefile includes this.

OBJCOPY = objcopy
PYTHON = python3
LIBDIR = $(PREFIX)/lib
BASH_COMPLETIONS = $(PREFIX)/share/bash-completion/completions
ZSH_COMPLETIONS = $(PREFIX)/share/zsh/site-functions
FISH_COMPLETIONS = $(PREFIX)/share/fish/vendor_completions.d
PACKAGING = $(BUILD)/packaging

# The library as others link it: what capfix_rewrite needs of the engine, as one object that shows no other names.
$(PACKAGING)/libcapfix.a: $(LIB)
	@mkdir -p $(@D)
	$(CC) -r -nostdlib -Wl,-u,capfix_rewrite -Wl,-u,capfix_result_free -o $(@D)/capfix.o $(LIB)
	$(OBJCOPY) --wildcard --keep-global-symbol='capfix_*' $(@D)/capfix.o
	@rm -f $@
	@$(AR) rcs $@ $(@D)/capfix.o

install: install-library install-shell

install-library: $(PACKAGING)/libcapfix.a
	$(INSTALL) -d $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(LIBDIR)/pkgconfig
	$(INSTALL) -m 644 include/capfix.h $(DESTDIR)$(PREFIX)/include/capfix.h
	$(INSTALL) -m 644 $(PACKAGING)/libcapfix.a $(DESTDIR)$(LIBDIR)/libcapfix.a
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@VERSION@|$(VERSION)|' packaging/capfix.pc.in \
		>$(PACKAGING)/capfix.pc
	$(INSTALL) -m 644 $(PACKAGING)/capfix.pc $(DESTDIR)$(LIBDIR)/pkgconfig/capfix.pc

# With the link, `kubectl capfix` works.
install-shell: $(BUILD)/capfix
	@mkdir -p $(PACKAGING)
	for shell in bash zsh fish; do \
		$(BUILD)/capfix --help | packaging/completions.sh $$shell >$(PACKAGING)/completions.$$shell || exit; \
	done
	$(INSTALL) -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(BASH_COMPLETIONS) \
		$(DESTDIR)$(ZSH_COMPLETIONS) $(DESTDIR)$(FISH_COMPLETIONS)
	$(INSTALL) -m 644 $(PACKAGING)/completions.bash $(DESTDIR)$(BASH_COMPLETIONS)/capfix
	$(INSTALL) -m 644 $(PACKAGING)/completions.zsh $(DESTDIR)$(ZSH_COMPLETIONS)/_capfix
	$(INSTALL) -m 644 $(PACKAGING)/completions.fish $(DESTDIR)$(FISH_COMPLETIONS)/capfix.fish
	ln -sf capfix $(DESTDIR)$(PREFIX)/bin/kubectl-capfix
	ln -sf capfix.1 $(DESTDIR)$(PREFIX)/share/man/man1/kubectl-capfix.1

# A source archive; the same commit gives the same bytes.
dist:
	packaging/dist.sh $(VERSION) $(BUILD)/dist

# Debian packages of the program and the library, in $(BUILD)/deb.
deb:
	packaging/deb.sh $(VERSION) $(BUILD)/deb

# A Python wheel that carries the program: everything but the C library is linked into it.
WHEEL_LIBS = $(filter-out -L%,$(FYAML_LIBS) $(JANSSON_LIBS) $(SECCOMP_LIBS))
$(PACKAGING)/capfix: $(BUILD)/obj/src/main.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(filter -L%,$(FYAML_LIBS)) -Wl,-Bstatic $(WHEEL_LIBS) -Wl,-Bdynamic
	strip $@
wheel: $(PACKAGING)/capfix
	@rm -f $(BUILD)/dist/*.whl
	$(PYTHON) packaging/wheel/capfix_build.py $(PACKAGING)/capfix $(BUILD)/dist

# --- tests -----------------------------------------------------------------------------------------------------------

STAGE = $(abspath $(PACKAGING)/stage)
stage: $(BUILD)/capfix $(PACKAGING)/libcapfix.a
	+@rm -rf $(STAGE) && $(MAKE) --no-print-directory -s install DESTDIR=$(STAGE) PREFIX=/usr

# What is quick and needs nothing from elsewhere belongs to make check; the sanitizers have seen the library already.
ifndef SAN
SUITES += packaging
suite-packaging: stage
	$(SUITE) packaging env STAGE=$(STAGE) tests/integration/run --quick
endif

# The rest: with real clients, from the network where it can be reached. What is missing is skipped, and said.
integration: stage wheel
	env STAGE=$(STAGE) BUILD=$(BUILD) CC='$(CC)' tests/integration/run
# The packages in a clean system of their own: debootstrap, as root.
integration-root: stage deb
	env STAGE=$(STAGE) BUILD=$(BUILD) CC='$(CC)' tests/integration/run root

.PHONY: install-library install-shell dist deb wheel stage integration integration-root

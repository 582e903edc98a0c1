# capfix: see CONTRIBUTING.md for the targets that matter.
#
#   make                                   build/capfix
#   make check                             all tests
#   make SAN=address,undefined check       the same with sanitizers, beside the normal build
#   make install DESTDIR=... PREFIX=...

VERSION = 0.1.0

CC = gcc
AR = ar
PKG_CONFIG = pkg-config
PREFIX = /usr/local
INSTALL = install
JOBS = $(shell nproc 2>/dev/null || echo 2)

# Commas cannot be written inside a call.
comma = ,
ifdef SAN
BUILD = build/san-$(subst $(comma),-,$(SAN))
else
BUILD = build
endif

WARNINGS = -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes
FYAML_CFLAGS := $(shell $(PKG_CONFIG) --cflags libfyaml 2>/dev/null)
FYAML_LIBS := $(shell $(PKG_CONFIG) --libs libfyaml 2>/dev/null || echo -lfyaml)
JANSSON_CFLAGS := $(shell $(PKG_CONFIG) --cflags jansson 2>/dev/null)
JANSSON_LIBS := $(shell $(PKG_CONFIG) --libs jansson 2>/dev/null || echo -ljansson)

# Without libseccomp workers run with fewer walls around them, and -v says so. SECCOMP= builds without it.
SECCOMP := $(shell $(PKG_CONFIG) --exists libseccomp 2>/dev/null && echo yes)
SECCOMP_CFLAGS := $(if $(SECCOMP),-DHAVE_SECCOMP $(shell $(PKG_CONFIG) --cflags libseccomp))
SECCOMP_LIBS := $(if $(SECCOMP),$(shell $(PKG_CONFIG) --libs libseccomp))

# What the build needs comes first, so that CFLAGS and LDFLAGS of the user win.
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -DCAPFIX_VERSION='"$(VERSION)"' -Iinclude -O2 -g -fPIE \
	-fstack-protector-strong $(WARNINGS)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now
ifdef SAN
# Each piece of an arena becomes a block of its own, or the sanitizer would not see its ends.
ALL_CFLAGS += -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer -DCAPFIX_ARENA_EXACT
ALL_LDFLAGS += -fsanitize=$(SAN)
else
ALL_CFLAGS += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
endif
ALL_CFLAGS += $(FYAML_CFLAGS) $(JANSSON_CFLAGS) $(SECCOMP_CFLAGS) $(CPPFLAGS) $(CFLAGS)
ALL_LDFLAGS += $(LDFLAGS)

SRC = $(wildcard src/*.c)
OBJ = $(SRC:%.c=$(BUILD)/obj/%.o)
LIB = $(BUILD)/libcapfix.a

# One program for each tests/test_NAME.c; the golden runner and the property test may have parts (golden_PART.c).
# The property test reads results with libyaml too.
UNITS = $(patsubst tests/%.c,%,$(wildcard tests/test_*.c))
GOLDEN = $(if $(wildcard tests/golden.c),golden)
PROPERTY = $(if $(wildcard tests/property.c),property)
PROGRAMS = $(UNITS) $(GOLDEN) $(PROPERTY)
CLI = $(if $(wildcard tests/cli/run),cli)
SECOND = $(if $(wildcard tests/second/test_second.py),second)
SCHEMA = $(if $(wildcard tests/schema/test_schema.py),schema)
LINTS = lint-floors lint-headers lint-kinds lint-style $(if $(wildcard golden/*/*/out.diff),lint-golden) \
	$(if $(wildcard man/capfix.1),lint-manual)
SUITES = $(UNITS) $(GOLDEN) $(PROPERTY) $(CLI) $(SECOND) $(SCHEMA) $(LINTS)

all: $(BUILD)/capfix

# Objects are made again when the flags change.
FLAGS := $(BUILD)/flags
$(shell mkdir -p $(BUILD); printf '%s\n' '$(subst ','\'',$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS))' >$(FLAGS).new; \
	cmp -s $(FLAGS).new $(FLAGS) && rm $(FLAGS).new || mv $(FLAGS).new $(FLAGS))

$(BUILD)/obj/%.o: %.c $(FLAGS)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Everything but main: the tests link with it.
$(LIB): $(filter-out %/main.o,$(OBJ))
	@rm -f $@
	@$(AR) rcs $@ $^

$(BUILD)/capfix: $(BUILD)/obj/src/main.o $(LIB)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(FYAML_LIBS) $(JANSSON_LIBS) $(SECCOMP_LIBS)

parts = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/$(1).c tests/$(1)_*.c))

define program
$$(BUILD)/tests/$(1): $$(if $$(filter test_%,$(1)),$$(BUILD)/obj/tests/$(1).o,$$(call parts,$(1))) $$(LIB)
	@mkdir -p $$(@D)
	$$(CC) $$(ALL_LDFLAGS) -o $$@ $$^ -lcmocka $$(FYAML_LIBS) $$(JANSSON_LIBS) $$(SECCOMP_LIBS) $$(if $$(filter property,$(1)),-lyaml)
endef
$(foreach p,$(PROGRAMS),$(eval $(call program,$(p))))

# --- tests -----------------------------------------------------------------------------------------------------------

# libfyaml's parser is left as it is after a stream error, because destroying it can crash: that leak is on purpose.
export LSAN_OPTIONS = suppressions=$(CURDIR)/tests/lsan.supp:print_suppressions=0
export UBSAN_OPTIONS = print_stacktrace=1
export CAPFIX = $(abspath $(BUILD)/capfix)

RESULTS = $(BUILD)/results
SUITE = @BUILD=$(BUILD) CC='$(CC)' tests/suite $(RESULTS)

# A suite that fails, or does not even build, stops no other one.
check:
	@rm -rf $(RESULTS)
	@mkdir -p $(RESULTS)
	+@$(MAKE) --no-print-directory -k $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS)) all $(SUITES:%=suite-%) || true
	@tests/summary $(RESULTS) $(SUITES)

$(addprefix suite-,$(UNITS)): suite-%: $(BUILD)/tests/%
	$(SUITE) $* $<
$(addprefix suite-,$(GOLDEN) $(PROPERTY)): suite-%: $(BUILD)/tests/% $(BUILD)/capfix
	$(SUITE) $* $<
suite-cli: $(BUILD)/capfix
	$(SUITE) cli tests/cli/run
suite-second:
	$(SUITE) second tests/pyunit tests/second/test_second.py
suite-schema: $(BUILD)/capfix
	$(SUITE) schema tests/pyunit tests/schema/test_schema.py
suite-lint-floors: $(LIB)
	$(SUITE) lint-floors tests/lint/floors --self-test
suite-lint-headers:
	$(SUITE) lint-headers tests/lint/headers
suite-lint-kinds:
	$(SUITE) lint-kinds tests/lint/kinds
suite-lint-style:
	$(SUITE) lint-style tests/lint/style --self-test
suite-lint-golden:
	$(SUITE) lint-golden tests/lint/golden
suite-lint-manual:
	$(SUITE) lint-manual tests/lint/manual

# Not in `make check`: it waits for hosts. Parts that need GNU parallel or an sshd are skipped where there is none.
suite-fleet: $(BUILD)/capfix
	$(SUITE) fleet tests/fleet/run
fleet-test: $(BUILD)/capfix
	tests/fleet/run
.PHONY: fleet-test

-include tests/proofs.mk
-include packaging/packaging.mk

# --- the rest --------------------------------------------------------------------------------------------------------

# The example has something to fix, so 1 is the answer that is expected.
demo: $(BUILD)/capfix
	@echo '$$ capfix --diff examples/demo'
	@$(BUILD)/capfix --diff examples/demo; status=$$?; echo "(exit status $$status)"; test $$status -eq 1

bench: $(BUILD)/capfix
	@if [ -x tests/bench/run ]; then tests/bench/run; else echo 'no tests/bench/run here'; fi

install: $(BUILD)/capfix
	$(INSTALL) -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/capfix
	$(INSTALL) -m 755 $(BUILD)/capfix $(DESTDIR)$(PREFIX)/bin/capfix
	$(INSTALL) -m 644 man/capfix.1 $(DESTDIR)$(PREFIX)/share/man/man1/capfix.1
	$(INSTALL) -m 644 schema/capfix-policy.schema.json $(DESTDIR)$(PREFIX)/share/capfix/

format:
	clang-format -i src/*.c $(wildcard src/*.h) include/capfix/*.h $(wildcard tests/*.c tests/*.h)

clean:
	rm -rf build

.PHONY: all check demo bench install format clean $(SUITES:%=suite-%)
.DELETE_ON_ERROR:
.SECONDARY:

-include $(wildcard $(BUILD)/obj/src/*.d $(BUILD)/obj/tests/*.d)

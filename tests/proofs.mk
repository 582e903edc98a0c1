# The heavier proofs: fuzzing, faults, second opinions, static checks. The Makefile includes this.

# --- fuzzing ---------------------------------------------------------------------------------------------------------

# The targets use the property test's checks of edits and diffs, and libyaml as the other parser.
FUZZ_SHARED = tests/fuzz/check tests/property_check tests/property_diff tests/property_events
FUZZ_MUTATOR = tests/fuzz/mutate tests/fuzz/mutate_moves tests/fuzz/mutate_styles
fuzz_objects = $(patsubst %,$(BUILD)/obj/%.o,$(1))

# With any compiler: reads files. make check replays what was kept.
$(BUILD)/fuzz/replay-%: $(BUILD)/obj/tests/fuzz/%.o $(call fuzz_objects,$(FUZZ_SHARED) tests/fuzz/replay) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(FYAML_LIBS) -lyaml

# With clang alone, see tests/fuzz/run: makes up its inputs.
$(BUILD)/fuzz/fuzz-%: $(BUILD)/obj/tests/fuzz/%.o $(call fuzz_objects,$(FUZZ_SHARED) $(FUZZ_MUTATOR)) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(FYAML_LIBS) -lyaml

FUZZ_TARGETS ?= rewrite policy wire

SUITES += fuzz
suite-fuzz: $(FUZZ_TARGETS:%=$(BUILD)/fuzz/replay-%)
	$(SUITE) fuzz tests/fuzz/replay $(BUILD)/fuzz

# FUZZ_SECONDS in all (60); FUZZ_TARGETS says what.
fuzz:
	@FUZZ_TARGETS='$(FUZZ_TARGETS)' MAKE='$(MAKE)' tests/fuzz/run

# --- faults ----------------------------------------------------------------------------------------------------------

$(BUILD)/faults/shim.so: tests/faults/shim.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE -O1 -g $(WARNINGS) -Wno-missing-prototypes -fPIC -shared -o $@ $< -ldl

# The shim replaces functions of the C library, which a sanitizer does too: not both. Linux with glibc alone.
ifeq ($(SAN)$(shell uname -s),Linux)
SUITES += faults
endif
suite-faults: $(BUILD)/faults/shim.so $(BUILD)/capfix
	$(SUITE) faults tests/faults/all $^

# Each call of each kind; make check leaves some out.
faults: $(BUILD)/faults/shim.so $(BUILD)/capfix
	@tests/faults/all $^ full

# --- second opinions -------------------------------------------------------------------------------------------------

# How many manifests the generator makes, and from which seed on.
SECOND_COUNT = 20000
SECOND_SEED = 1

# The golden cases alone, and a few generated ones.
SUITES += referee
suite-referee: $(BUILD)/capfix $(BUILD)/tests/property
	$(SUITE) referee tests/referee/second $(BUILD)/referee-check $^ 300 1

second: $(BUILD)/capfix $(BUILD)/tests/property
	@tests/referee/second $(BUILD)/referee $^ $(SECOND_COUNT) $(SECOND_SEED)

accept: $(BUILD)/capfix $(BUILD)/tests/property
	@tests/referee/accept $(BUILD)/referee-accept $^ $(SECOND_COUNT) $(SECOND_SEED)

# --- looking at the code ---------------------------------------------------------------------------------------------

# Sanitizers bring their own checks instead.
SUITES += $(if $(SAN),,hardening)
suite-hardening: $(BUILD)/capfix
	$(SUITE) hardening tests/static/hardening $<

static: $(BUILD)/capfix
	@tests/static/run $<

coverage:
	+@tests/coverage/run build/coverage

# Another libfyaml than the system's; COMPAT_SOURCES is a folder or tar file of it.
compat:
	+@tests/compat/run build/compat $(COMPAT_SOURCES)

.PHONY: fuzz faults second accept static coverage compat

-include $(wildcard $(BUILD)/obj/tests/fuzz/*.d)

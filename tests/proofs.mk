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

FUZZ_TARGETS = rewrite policy

SUITES += fuzz
suite-fuzz: $(FUZZ_TARGETS:%=$(BUILD)/fuzz/replay-%)
	$(SUITE) fuzz tests/fuzz/replay $(BUILD)/fuzz

# FUZZ_SECONDS in all (60); FUZZ_TARGETS says what.
fuzz:
	@FUZZ_TARGETS='$(FUZZ_TARGETS)' MAKE='$(MAKE)' tests/fuzz/run

.PHONY: fuzz

-include $(wildcard $(BUILD)/obj/tests/fuzz/*.d)

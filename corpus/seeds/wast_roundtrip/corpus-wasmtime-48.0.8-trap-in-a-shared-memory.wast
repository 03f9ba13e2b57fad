;; gainsay:format 1
;; gainsay:known-bug wasmtime-cranelift 48.0.8 trophies/wasmtime-48.0.8-trap-in-a-shared-memory.md
;; gainsay:known-bug wasmtime-winch 48.0.8 trophies/wasmtime-48.0.8-trap-in-a-shared-memory.md
;; An access beyond a shared memory that a second module imports
;; (§ exec/instructions, load).
(module $a
  (memory (export "m") 0 1 shared)
  (func (export "load") (drop (i32.load (i32.const 0)))))
(register "a" $a)
(module $b (import "a" "m" (memory 0 1 shared)))
(assert_trap (invoke $a "load") "out of bounds memory access")

;; gainsay:format 1
;; gainsay:known-bug wazero-compiler 1.12.0 trophies/wazero-1.12.0-active-data-segment-not-dropped.md
;; gainsay:known-bug wazero-interpreter 1.12.0 trophies/wazero-1.12.0-active-data-segment-not-dropped.md
;; An active data segment is empty once it has been written
;; (§ exec/modules, Instantiation).
(module $a
  (memory 1)
  (data (i32.const 0) "x")
  (func (export "f") (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 1))))
(assert_trap (invoke $a "f") "out of bounds memory access")

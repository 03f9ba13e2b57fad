;; gainsay:format 1
;; gainsay:known-bug wazero-compiler 1.12.0 trophies/wazero-1.12.0-data-before-elements.md
;; gainsay:known-bug wazero-interpreter 1.12.0 trophies/wazero-1.12.0-data-before-elements.md
;; The element segment was written before the data segment trapped
;; (§ exec/modules, Instantiation).
(module $o
  (table (export "t") 1 funcref)
  (memory (export "m") 0)
  (func (export "is_null") (result i32) (ref.is_null (table.get (i32.const 0)))))
(register "o" $o)
(assert_trap
  (module
    (import "o" "t" (table 1 funcref)) (import "o" "m" (memory 0))
    (func $f)
    (elem (i32.const 0) $f)
    (data (i32.const 0) "x"))
  "out of bounds memory access")
(assert_return (invoke $o "is_null") (i32.const 0))

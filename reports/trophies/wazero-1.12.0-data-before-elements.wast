;; wazero 1.12.0 has not written the element when the data segment traps
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

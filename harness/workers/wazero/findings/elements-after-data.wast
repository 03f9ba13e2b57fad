;; gainsay:format 1
;; § exec/modules, instantiation: element segments come before data segments. wazero 1.7.1 to
;; 1.12.0 begins with the data, so that a trap there leaves the table as it was.
(module $o (table (export "t") 1 funcref) (memory (export "m") 1))
(register "o" $o)
(assert_trap
  (module
    (import "o" "t" (table 1 funcref)) (import "o" "m" (memory 1))
    (func $f (result i32) (i32.const 7))
    (elem (i32.const 0) $f)
    (data (i32.const 65535) "ab"))
  "out of bounds memory access")
(module $v (import "o" "t" (table 1 funcref))
  (func (export "f") (result i32) (call_indirect (result i32) (i32.const 0))))
(assert_return (invoke $v "f") (i32.const 7))

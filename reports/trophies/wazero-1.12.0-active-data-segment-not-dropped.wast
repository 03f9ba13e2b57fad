;; wazero 1.12.0 copies the byte (§ exec/modules, Instantiation).
(module
  (memory 1)
  (data (i32.const 0) "x")
  (func (export "f") (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 1))))
(assert_trap (invoke "f") "out of bounds memory access")

;; wazero 1.12.0 passes over the segment (§ exec/modules, Instantiation).
(assert_trap
  (module (table 0 funcref) (func $f) (elem (i32.const 0) $f))
  "out of bounds table access")

;; gainsay:format 1
;; § exec/modules, instantiation: an active element segment is a table.init, which traps.
;; wazero 1.7.1 to 1.12.0 passes over it and over all that follow.
(assert_trap
  (module (table 2 funcref) (func $f) (elem (i32.const 1) $f $f))
  "out of bounds table access")

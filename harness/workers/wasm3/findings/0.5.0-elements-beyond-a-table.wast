;; gainsay:format 1
;; wasm3 0.5.0 instantiates: an element segment that does not fit makes the table longer
;; (§ exec/modules, instantiation).
(assert_trap (module (table 1 funcref) (func $f) (elem (i32.const 1) $f)) "out of bounds table access")

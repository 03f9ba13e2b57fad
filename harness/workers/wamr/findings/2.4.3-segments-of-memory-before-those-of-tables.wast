;; gainsay:format 1
;; wamr-fast and wamr-classic 2.4.3 trap with "out of bounds memory access": data segments are written
;; before element segments (§ exec/modules, instantiation: elements come first).
(assert_trap
  (module
    (table 0 funcref)
    (memory 0)
    (func $f)
    (elem (i32.const 1) $f)
    (data (i32.const 1) "a"))
  "out of bounds table access")

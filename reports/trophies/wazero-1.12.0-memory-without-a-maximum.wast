;; wazero 1.12.0 links this (§ valid/matching, Limits).
(module $o (memory (export "m") 0))
(register "o" $o)
(assert_unlinkable
  (module (import "o" "m" (memory 0 65536)))
  "incompatible import type")

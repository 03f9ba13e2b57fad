;; gainsay:format 1
;; § valid/matching, limits: a memory without a maximum matches no import that has one. wazero
;; 1.12.0 takes 65536 for the maximum of the memory.
(module $o (memory (export "m") 1))
(register "o" $o)
(assert_unlinkable (module (import "o" "m" (memory 1 65536))) "incompatible import type")

;; gainsay:format 1
;; gainsay:known-bug wazero-compiler 1.12.0 trophies/wazero-1.12.0-memory-without-a-maximum.md
;; gainsay:known-bug wazero-interpreter 1.12.0 trophies/wazero-1.12.0-memory-without-a-maximum.md
;; A memory without a maximum is no memory with the largest maximum there is
;; (§ valid/matching, Limits); one with that maximum is.
(module $o (memory (export "m") 0))
(register "o" $o)
(assert_unlinkable
  (module (import "o" "m" (memory 0 65536)))
  "incompatible import type")
(module $p (memory (export "m") 0 65536))
(register "p" $p)
(module $a
  (import "p" "m" (memory 0 65536))
  (func (export "size") (result i32) (memory.size)))
(assert_return (invoke $a "size") (i32.const 0))

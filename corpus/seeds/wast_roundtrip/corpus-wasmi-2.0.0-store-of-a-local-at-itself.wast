;; gainsay:format 1
;; gainsay:known-bug wasmi-eager 2.0.0 trophies/wasmi-2.0.0-store-of-a-local-at-itself.md
;; gainsay:known-bug wasmi-lazy 2.0.0 trophies/wasmi-2.0.0-store-of-a-local-at-itself.md
;; One local is both address and value of a store with a large offset
;; (§ exec/instructions, store).
(module definition $A
  (memory 2)
  (func (export "far") (param i32) (result i32)
    (i32.store offset=65536
      (local.tee 0 (i32.add (local.get 0) (i32.const 4)))
      (local.get 0))
    (i32.load offset=65540 (i32.const 0))))
(module instance $a $A)
(assert_return (invoke $a "far" (i32.const 0)) (i32.const 4))

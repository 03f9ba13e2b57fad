;; gainsay:format 1
;; wamr-fast 2.4.3 ends a call with "unsupported opcode": a select that names v128 as its type and
;; whose value is dropped after another (§ exec/instructions, select; the module is accepted).
(module $a
  (func (export "f")
    (drop
      (ref.null extern)
      (drop
        (select (result v128)
          (v128.const i32x4 1 2 3 4)
          (v128.const i32x4 5 6 7 8)
          (i32.const 0))))))
(assert_return (invoke $a "f"))

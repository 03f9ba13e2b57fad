;; gainsay:format 1
;; wamr-fast 2.4.3 loses the upper half of a vector that is one of several results of a block or
;; function (§ exec/instructions, return and branches): two of its four cells are copied.
(module $a
  (func (export "f") (param v128) (result v128 externref) (local.get 0) (ref.null extern)))
(assert_return (invoke $a "f" (v128.const i32x4 1 2 3 4)) (v128.const i32x4 1 2 3 4) (ref.null extern))

;; gainsay:format 1
;; wamr-fast 2.4.3 passes one of the four cells of a vector to a function that is called by a tail
;; call (§ exec/instructions, return_call).
(module $a
  (func $id (param v128) (result v128) (local.get 0))
  (func (export "f") (result v128) (return_call $id (v128.const i32x4 1 2 3 4))))
(assert_return (invoke $a "f") (v128.const i32x4 1 2 3 4))

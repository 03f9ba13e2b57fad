;; run(150_000)
(module
  (global $g (mut i64) (i64.const 1))
  (func (export "run") (param $n i32) (result i64)
    (loop $l
      (global.set $g (i64.add (i64.mul (global.get $g) (i64.const 3)) (i64.extend_i32_u (local.get $n))))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $l (local.get $n)))
    (global.get $g)))

;; run(100_000)
(module
  (func (export "run") (param $n i32) (result i64) (local $x i32) (local $y i32)
    (loop $l
      (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 31)) (local.get $n)))
      (local.set $y (i32.xor (local.get $y) (local.get $x)))
      (local.set $x (i32.rotl (local.get $x) (i32.const 5)))
      (local.set $y (i32.sub (local.get $y) (i32.shr_u (local.get $x) (i32.const 3))))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $l (local.get $n)))
    (i64.extend_i32_s (local.get $y))))

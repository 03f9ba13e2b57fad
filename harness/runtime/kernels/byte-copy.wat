;; run(150_000)
(module
  (memory 32)
  (func (export "run") (param $n i32) (result i64) (local $i i32)
    (loop $l
      (i32.store8 offset=1000000 (local.get $i) (i32.load8_u (local.get $i)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $l (i32.lt_u (local.get $i) (local.get $n))))
    (i64.extend_i32_u (local.get $i))))

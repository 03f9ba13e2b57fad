;; run(60_000)
(module
  (memory 8)
  (func (export "run") (param $n i32) (result i64) (local $i i32) (local $sum v128)
    (loop $fill
      (v128.store (local.get $i) (f32x4.convert_i32x4_u (i32x4.splat (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 16)))
      (br_if $fill (i32.lt_u (local.get $i) (local.get $n))))
    (local.set $i (i32.const 0))
    (loop $l
      (local.set $sum (f32x4.add (local.get $sum) (f32x4.mul
        (v128.load (local.get $i)) (v128.load offset=4096 (local.get $i)))))
      (local.set $i (i32.add (local.get $i) (i32.const 16)))
      (br_if $l (i32.lt_u (local.get $i) (local.get $n))))
    (i64x2.extract_lane 1 (local.get $sum))))

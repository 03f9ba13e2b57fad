;; run(60_000)
(module
  (memory 8)
  (func (export "run") (param $n i32) (result i64)
    (local $i i32) (local $v v128) (local $count v128)
    (loop $l
      (local.set $v (i8x16.add_sat_u
        (v128.load (local.get $i)) (i8x16.splat (i32.and (local.get $i) (i32.const 63)))))
      (local.set $v (i8x16.shuffle 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0
        (local.get $v) (local.get $v)))
      (local.set $count (i16x8.add (local.get $count) (i16x8.extadd_pairwise_i8x16_u
        (v128.and (i8x16.gt_u (local.get $v) (i8x16.splat (i32.const 32))) (i8x16.splat (i32.const 1))))))
      (v128.store (local.get $i) (i8x16.min_u (local.get $v) (i8x16.splat (i32.const 200))))
      (local.set $i (i32.add (local.get $i) (i32.const 16)))
      (br_if $l (i32.lt_u (local.get $i) (local.get $n))))
    (i64.add (i64x2.extract_lane 0 (local.get $count)) (i64x2.extract_lane 1 (local.get $count)))))

;; run(50_000)
(module
  (type $point (sub (struct (field $x (mut i32)) (field $y (mut i32)))))
  (type $pixel (sub $point (struct (field $x (mut i32)) (field $y (mut i32)) (field $c (mut i8)))))
  (func (export "run") (param $n i32) (result i64) (local $any anyref) (local $sum i64)
    (loop $l
      (local.set $any (struct.new $pixel (local.get $n) (i32.const 3) (local.get $n)))
      (block $none
        (br_if $none (i32.eqz (ref.test (ref $point) (local.get $any))))
        (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u (i32.add
          (struct.get $point $x (ref.cast (ref $point) (local.get $any)))
          (struct.get_u $pixel $c (ref.cast (ref $pixel) (local.get $any))))))))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))

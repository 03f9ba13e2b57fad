;; run(40_000)
(module
  (type $flags (array (mut i8)))
  (func (export "run") (param $n i32) (result i64)
    (local $f (ref $flags)) (local $i i32) (local $j i32) (local $c i64)
    (local.set $f (array.new $flags (i32.const 1) (local.get $n)))
    (local.set $i (i32.const 2))
    (loop $outer
      (if (array.get_u $flags (local.get $f) (local.get $i)) (then
        (local.set $c (i64.add (local.get $c) (i64.const 1)))
        (local.set $j (i32.shl (local.get $i) (i32.const 1)))
        (block $done
          (loop $inner
            (br_if $done (i32.ge_u (local.get $j) (local.get $n)))
            (array.set $flags (local.get $f) (local.get $j) (i32.const 0))
            (local.set $j (i32.add (local.get $j) (local.get $i)))
            (br $inner)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $outer (i32.lt_u (local.get $i) (array.len (local.get $f)))))
    (local.get $c)))

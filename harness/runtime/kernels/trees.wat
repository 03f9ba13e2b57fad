;; run(12)
(module
  (type $tree (struct (field $l (ref null $tree)) (field $r (ref null $tree))))
  (global $kept (mut (ref null $tree)) (ref.null $tree))
  (func $make (param $depth i32) (result (ref $tree))
    (if (result (ref $tree)) (local.get $depth)
      (then
        (struct.new $tree
          (call $make (i32.sub (local.get $depth) (i32.const 1)))
          (call $make (i32.sub (local.get $depth) (i32.const 1)))))
      (else (struct.new_default $tree))))
  (func $count (param $tree (ref null $tree)) (result i64)
    (if (result i64) (ref.is_null (local.get $tree))
      (then (i64.const 0))
      (else
        (i64.add (i64.const 1)
          (i64.add
            (call $count (struct.get $tree $l (local.get $tree)))
            (call $count (struct.get $tree $r (local.get $tree))))))))
  (func (export "run") (param $depth i32) (result i64) (local $n i32) (local $sum i64)
    (global.set $kept (call $make (local.get $depth)))
    (local.set $n (i32.const 64))
    (loop $l
      (local.set $sum (i64.add (local.get $sum)
        (call $count (call $make (i32.sub (local.get $depth) (i32.const 6))))))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i64.add (local.get $sum) (call $count (global.get $kept)))))

;; run(5_000)
(module
  (tag $e (param i32 i64))
  (func $throw (param $n i32) (param $depth i32)
    (if (local.get $depth) (then
      (call $throw (local.get $n) (i32.sub (local.get $depth) (i32.const 1)))
      (return)))
    (throw $e (local.get $n) (i64.const 3)))
  (func (export "run") (param $n i32) (result i64) (local $sum i64)
    (loop $l
      (block $caught (result i32 i64)
        (try_table (catch $e $caught)
          (call $throw (local.get $n) (i32.and (local.get $n) (i32.const 7))))
        unreachable)
      (local.set $sum (i64.add (local.get $sum)))
      (local.set $n (i32.sub (i32.const 1)))
      (br_if $l (local.get $n)))
    (local.get $sum)))

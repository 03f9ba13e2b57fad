;; gainsay:format 1
;; An imported function that is exported again is that function (§ exec/modules,
;; Instantiation). The compiler of wazero 1.10.1 called another one; 1.12.0 is right.
(module $gainsay (func (export "mix2_i32") (param i32)))
(register "gainsay" $gainsay)
(module $a
  (import "gainsay" "mix2_i32" (func (param i32)))
  (global (export "") (mut i32) (i32.const 1))
  (func (param i32))
  (func (export "f2") (param i32) (global.set 0 (i32.const 0))))
(register "a" $a)
(module $b (import "a" "f2" (func (param i32))) (export "f0" (func 0)))
(assert_return (invoke $b "f0" (i32.const 0)))
(assert_return (get $a "") (i32.const 0))

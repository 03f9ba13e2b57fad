;; gainsay:format 1
;; gainsay:signature global reference,wazero-interpreter=global:i32|wazero-compiler=global:i32 [global.set int.const]
;; gainsay:seed 3
;; gainsay:case 1726
;; gainsay:generator 910dae28b334642f
;; gainsay:gainsay 0.1.0
;; gainsay:seen reference, wazero-interpreter: returned (i32.const 0)
;; gainsay:seen wazero-compiler: returned (i32.const 1)
;; gainsay:engine reference@0.1.0
;; gainsay:engine wazero-compiler@1.10.1
;; gainsay:engine wazero-interpreter@1.10.1
;; gainsay:asserts reference
;; § exec/modules, instantiation: an imported function that is exported again; the compiler calls another one or panics. Up to 1.10.1 at least; 1.12.0 is right.
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

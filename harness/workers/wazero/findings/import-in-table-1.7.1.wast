;; gainsay:format 1
;; gainsay:signature trap reference,wazero-interpreter=returned|wazero-compiler=trap:indirect_call_type_mismatch [call_indirect]
;; gainsay:seed 3
;; gainsay:case 661
;; gainsay:generator 910dae28b334642f
;; gainsay:gainsay 0.1.0
;; gainsay:seen reference, wazero-interpreter: returned
;; gainsay:seen wazero-compiler: trap:indirect_call_type_mismatch
;; gainsay:engine reference@0.1.0
;; gainsay:engine wazero-compiler@1.7.1
;; gainsay:engine wazero-interpreter@1.7.1
;; gainsay:asserts reference
;; § exec/instructions, call_indirect: an imported function in a table has the type of another one. 1.7.1, compiler; 1.12.0 is right.
(module $gainsay
  (func (export "mix1_i32_f32_f32") (param i32 f32 f32) (result v128)
    (v128.const i32x4 0x03020100 0x07060504 0x0b0a0908 0x0f0e0d0c)))
(register "gainsay" $gainsay)
(module $a
  (import "gainsay" "mix1_i32_f32_f32" (func (param i32 f32 f32) (result v128)))
  (func)
  (func (export "f4") (param i32 f32 f32) (result v128)
    (v128.const i32x4 0xffffdfff 0xffffffff 0xfffdffff 0xffffffff))
  (func (export "f7") (param i64 externref) (result i64 i64) (unreachable)))
(register "a" $a)
(module $b
  (import "a" "f4" (func (param i32 f32 f32) (result v128)))
  (import "a" "f7" (func (param i64 externref) (result i64 i64)))
  (table 5 funcref)
  (elem (i32.const 1) func 2 1 2 0)
  (func)
  (func (export "f9")
    (drop
      (i64.const 0)
      (drop
        (call_indirect (param i32 f32 f32) (result v128)
          (i32.const 0)
          (f32.const 0)
          (f32.const 0)
          (i32.const 4))))))
(assert_return (invoke $b "f9"))

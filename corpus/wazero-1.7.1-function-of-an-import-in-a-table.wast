;; gainsay:format 1
;; A function that another instance imports and has in its table keeps its own type
;; (§ exec/instructions, call_indirect). The compiler of wazero 1.7.1 found the type of another
;; one; 1.12.0 is right.
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

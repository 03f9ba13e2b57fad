use crate::{Config, Module};

fn listing(text: &str) -> String {
    let bytes = wat::parse_str(text).unwrap();
    Module::new(&Config::default(), &bytes).unwrap().listing(0).unwrap()
}

#[test]
fn probe() {
    println!("{}", listing(r#"(module (func (export "fib") (param i32) (result i32)
      (if (result i32) (i32.lt_s (local.get 0) (i32.const 2)) (then (local.get 0))
       (else (i32.add (call 0 (i32.sub (local.get 0) (i32.const 1))) (call 0 (i32.sub (local.get 0) (i32.const 2))))))))"#));
    println!("{}", listing(r#"(module (func (param i32) (result i32) (local i32)
      (block (loop (br_if 1 (i32.eqz (local.get 0))) (local.set 1 (i32.add (local.get 1) (local.get 0))) (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br 0)))
      local.get 1))"#));
}

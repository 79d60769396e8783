fn main() {
    let a: Vec<String> = std::env::args().collect();
    let c = hub_contract::contract(a[1].parse().unwrap());
    let s = hub_contract::Settings::full("E09000023".parse().unwrap(), a[3].parse().unwrap());
    let b = std::fs::read(&a[2]).unwrap();
    println!("{:?}", hub_contract::door(c, hub_contract::Format::Csv, &b[..]).err());
    let o = hub_contract::validate(c, &s, hub_contract::Format::Csv, &b[..], &mut |_| Ok(())).unwrap();
    println!("{}", o.report.render_text());
}

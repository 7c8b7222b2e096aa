"""What feed readers fetch: RSS 2.0, Atom 1.0 and JSON Feed 1.1 as bytes. The same posts, the same bytes."""

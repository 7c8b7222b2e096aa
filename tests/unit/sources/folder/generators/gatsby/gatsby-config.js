module.exports = { siteMetadata: { title: `Tool Library` } }

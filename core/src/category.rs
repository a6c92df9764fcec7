//! 服务对象 – the six categories as forms.

exports.handler = async () => ({ release: process.env.RELEASE });
